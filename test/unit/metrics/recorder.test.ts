// What a worker records comes out of its snapshots whole: plain, and by scenario and tag where clients are divided.
import { describe, expect, it } from "vitest";
import { Recorder } from "../../../src/metrics/recorder.js";
import { SnapshotTotal } from "../../../src/metrics/snapshot.js";

function taken(...recorders: readonly Recorder[]): SnapshotTotal {
  const total = new SnapshotTotal();
  for (const recorder of recorders) total.add(recorder.take({}));
  return total;
}

describe("Recorder", () => {
  it("gives each snapshot what came since the last one", () => {
    const recorder = new Recorder();
    recorder.hot.messages_sent = 2;
    recorder.count("disconnects");
    recorder.trend("rtt", 5);
    expect(recorder.take({})).toMatchObject({ sums: { messages_sent: 2, disconnects: 1 } });
    expect(recorder.take({})).toEqual({ sums: {}, gauges: {}, trends: {} });
  });

  it("counts what a part records plain and under each of its tags", () => {
    const recorder = new Recorder();
    const red = recorder.part(["scenario:fighter", "team:red"]);
    const blue = recorder.part(["scenario:healer", "team:red"]);
    red.hot.messages_sent = 2;
    blue.hot.messages_sent = 3;
    red.trend("rtt", 10);
    blue.trend("rtt", 30);
    const total = taken(recorder);
    expect(total.sums).toEqual({
      messages_sent: 5,
      "messages_sent{scenario:fighter}": 2,
      "messages_sent{scenario:healer}": 3,
      "messages_sent{team:red}": 5,
    });
    const counts = ["rtt", "rtt{scenario:fighter}", "rtt{scenario:healer}", "rtt{team:red}"].map(
      (name) => total.trend(name).totalCount,
    );
    expect(counts).toEqual([2, 1, 1, 2]);
  });

  it("leaves a sum that has a tag as it is, so that it is found by that tag", () => {
    const recorder = new Recorder();
    recorder.part(["scenario:fighter"]).count("disconnects{reason:Silence}");
    const total = taken(recorder);
    expect(total.byTag("disconnects", "reason")).toEqual({ Silence: 1 });
  });

  it("forgets what it has told of its parts", () => {
    const recorder = new Recorder();
    const part = recorder.part(["scenario:fighter"]);
    part.trend("rtt", 10);
    part.hot.bytes_sent = 1;
    recorder.take({});
    expect(recorder.take({})).toEqual({ sums: {}, gauges: {}, trends: {} });
  });

  it("takes the highest backlog of itself and its parts, once", () => {
    const recorder = new Recorder();
    recorder.highestBacklogBytes = 20;
    recorder.part(["scenario:fighter"]).highestBacklogBytes = 70;
    expect([recorder.takeBacklogBytes(), recorder.takeBacklogBytes()]).toEqual([70, 0]);
  });

  it("takes trends and gauges with any name", () => {
    const recorder = new Recorder();
    recorder.part(["scenario:fighter"]).gauge("server_tick", 7);
    recorder.trend("snapshot_bytes", 1200);
    const total = taken(recorder);
    expect(total.gauges).toEqual({ server_tick: 7, "server_tick{scenario:fighter}": 7 });
    expect(total.trend("snapshot_bytes").totalCount).toBe(1);
  });

  it("adds clients over workers, and takes the largest of a profile's own gauge", () => {
    const workers = [new Recorder(), new Recorder()];
    const total = new SnapshotTotal();
    for (const [index, recorder] of workers.entries()) {
      recorder.gauge("server_tick", 100 + index);
      total.add(recorder.take({ clients_connected: 10 }));
    }
    expect(total.gauges).toEqual({ server_tick: 101, clients_connected: 20 });
  });
});
