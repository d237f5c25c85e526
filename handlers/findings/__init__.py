"""What people do with a finding: decide, mute, look it up, ask why, correct its reading."""
