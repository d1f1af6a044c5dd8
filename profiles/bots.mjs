// A bot with a mind of its own, for profiles/bots.yaml: runs in circles, calls for help now and then, and takes a break when it is tired.
// What a bot is given and gives back: docs/bots.md.

const MOVE = 1;
const CALL = 2;

/** @type {import("utp-load/bot").BotFactory} */
export function bot(context) {
  const writer = context.writer(64);
  const restMs = 1000 * Number(context.values.rest);
  let energy = 20 + Math.floor(context.random() * 40);
  let angle = 2 * Math.PI * context.random();
  let call;

  function move() {
    angle += 0.1;
    energy--;
    writer.reset();
    writer.writeByte(MOVE);
    writer.writeFloat(Math.cos(angle));
    writer.writeFloat(Math.sin(angle));
    context.send(writer.written, "unreliable");
    context.gauge("energy", energy);
    if (energy <= 0) context.reconnect(restMs);
  }

  function askForHelp() {
    writer.reset();
    writer.writeByte(CALL);
    writer.writePackedUInt(energy);
    call = context.send(writer.written, "reliable");
    // The next one comes sooner the more tired it is.
    context.after(200 + 50 * energy, askForHelp);
  }

  return {
    onConnected() {
      context.every(50, move);
      context.after(200, askForHelp);
    },
    onMessage(payload, pipeline) {
      const reader = context.reader(payload);
      if (pipeline !== "reliable" || reader.readByte() !== CALL || call === undefined) return;
      context.answered(call);
      context.check(reader.readPackedUInt() <= 60);
      context.count("helped");
      call = undefined;
    },
    onDisconnected() {
      energy = 60;
      call = undefined;
    },
  };
}
