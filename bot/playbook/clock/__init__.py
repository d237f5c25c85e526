"""The calendar of each deal: what is due or late, whether the volume runs, and who should hear of it when. Time is an argument."""
