// The baseline: as little UTP client as Node's bare sockets allow. Own framing, no library, no metrics but a count.
// Prints one JSON line: what it cost to connect and to play.
import { randomFillSync } from "node:crypto";
import net from "node:net";

const { port, clients, rate, bytes, seconds, connectsInFlight } = JSON.parse(process.argv[2]);
const REQUEST =
  `GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n` +
  `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nHost: 127.0.0.1:${port}\r\n\r\n`;
const intervalMs = 1000 / rate;
const pool = randomFillSync(Buffer.alloc(8192));
let poolAt = 0;
let started = 0;
let established = 0;
let sent = 0;
let echoed = 0;
let isPlaying = false;
const all = [];

function frame(packet) {
  const target = Buffer.allocUnsafe(packet.length + 6);
  if (poolAt + 4 > pool.length) {
    randomFillSync(pool);
    poolAt = 0;
  }
  target[0] = 0x82;
  target[1] = 0x80 | packet.length;
  for (let i = 0; i < 4; i++) target[2 + i] = pool[poolAt + i];
  for (let i = 0; i < packet.length; i++) target[6 + i] = packet[i] ^ pool[poolAt + (i & 3)];
  poolAt += 4;
  return target;
}

function connectOne(onDone) {
  const client = { socket: undefined, state: 0, rest: undefined, token: randomFillSync(Buffer.alloc(8)), sends: 0 };
  all.push(client);
  const socket = net.connect({ port, host: "127.0.0.1", noDelay: true });
  client.socket = socket;
  socket.on("connect", () => socket.write(REQUEST));
  socket.on("data", (chunk) => onData(client, chunk, onDone));
  socket.on("error", (error) => {
    throw error;
  });
}

function onData(client, chunk, onDone) {
  let data = client.rest === undefined ? chunk : Buffer.concat([client.rest, chunk]);
  client.rest = undefined;
  if (client.state === 0) {
    const end = data.indexOf("\r\n\r\n");
    if (end < 0) {
      client.rest = data;
      return;
    }
    data = data.subarray(end + 4);
    client.state = 1;
    client.socket.write(frame(Buffer.concat([Buffer.from("UTP\x01\x01", "latin1"), client.token])));
  }
  let at = 0;
  while (data.length - at >= 2) {
    let length = data[at + 1] & 127;
    let head = 2;
    if (length === 126) {
      if (data.length - at < 4) break;
      length = data.readUInt16BE(at + 2);
      head = 4;
    }
    if (data.length - at < head + length) break;
    if ((data[at] & 15) === 2) onPacket(client, data, at + head, onDone);
    at += head + length;
  }
  if (at < data.length) client.rest = data.subarray(at);
}

function onPacket(client, data, offset, onDone) {
  if (client.state === 1 && data[offset] === 0x55) {
    client.state = 2;
    onDone();
  } else if (data[offset] === 1) echoed++;
}

function sendDue() {
  const elapsedMs = performance.now() - playedFromMs;
  for (let i = 0; i < all.length; i++) {
    const client = all[i];
    const due = Math.floor((elapsedMs - (i / all.length) * intervalMs) / intervalMs) + 1;
    while (client.sends < due) {
      const packet = Buffer.alloc(10 + bytes);
      packet[0] = 1;
      packet.set(client.token, 1);
      packet.writeUInt32LE(client.sends, 10);
      client.socket.write(frame(packet));
      client.sends++;
      sent++;
    }
  }
  if (isPlaying) setTimeout(sendDue, 1);
}

let playedFromMs = 0;
const rssBefore = process.memoryUsage.rss();
const cpuBefore = process.cpuUsage();
const connectFromMs = performance.now();
function onEstablished() {
  established++;
  if (started < clients) {
    started++;
    connectOne(onEstablished);
  } else if (established === clients) play();
}
for (; started < Math.min(connectsInFlight, clients); started++) connectOne(onEstablished);

function play() {
  const connectCpu = process.cpuUsage(cpuBefore);
  const connectSeconds = (performance.now() - connectFromMs) / 1000;
  playedFromMs = performance.now();
  isPlaying = true;
  sendDue();
  let cpu;
  let echoedBefore = 0;
  // The first second warms up: code is compiled, buffers find their size.
  setTimeout(() => {
    cpu = process.cpuUsage();
    echoedBefore = echoed;
  }, 1000);
  setTimeout(
    () => {
      const { user, system } = process.cpuUsage(cpu);
      const result = {
        cpuUsPerEcho: (user + system) / (echoed - echoedBefore),
        bytesPerClient: (process.memoryUsage.rss() - rssBefore) / clients,
        connectsPerSecond: clients / connectSeconds,
        connectsPerCpuSecond: clients / ((connectCpu.user + connectCpu.system) / 1e6),
        sent,
        echoed,
      };
      process.stdout.write(`${JSON.stringify(result)}\n`, () => process.exit(0));
    },
    1000 + seconds * 1000,
  );
}
