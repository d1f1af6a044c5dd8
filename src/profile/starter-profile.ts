// The profile that `utp-load profile init` writes: every line a first user needs, with a word on each. Writes nothing itself.

/** @param path The file that it goes to, as the user will type it. */
export function starterProfile(path: string): string {
  return `# A load on a Unity server. Run it:      utp-load run ${path}
# See what it would do, sending nothing: utp-load run ${path} --dry-run
# Every key is described in docs/profiles.md and by: utp-load profile schema

# Where the server listens. "embedded" starts a stand-in server on this machine.
target: embedded
# target: ws://127.0.0.1:7777/

clients: 50      # players at full load
ramp: 5s         # time to get there; 10/s would be ten players a second
duration: 30s    # time at full load, after the ramp
rate: 10         # messages a second from each player
size: 64         # bytes of each message
warmup: 2s       # from the start: not judged; shorter than the ramp, so that joining is judged

# What decides pass (exit code 0) or fail (99). Times are milliseconds.
thresholds:
  connect_failed: ['rate<0.01']
  connect_total: ['p(95)<2000']
  rtt: ['p(95)<100']
`;
}
