// Keeps the emulator on this machine: it listens on loopback only, and it ends when whoever started it is gone.
const serve = Bun.serve;
Bun.serve = (options) => serve({ ...options, hostname: "127.0.0.1" });
process.stdin.on("end", () => process.exit(0));
process.stdin.resume();
