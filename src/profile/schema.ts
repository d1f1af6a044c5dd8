// The profile language, once: what a profile may hold, in words and as JSON Schema. Rules of single values are in fields.ts.
import { z } from "zod";
import { FIELDS } from "./fields.js";
import { listed, oneOf } from "./one-of.js";
import { pipelines } from "./schema-pipelines.js";
import { scenarios } from "./schema-scenario.js";
import { thresholds } from "./schema-thresholds.js";

const STAGE_RULE = "an object with duration and target, or with duration, arrivals and stay";
const stage = z
  .strictObject(
    {
      duration: FIELDS.stageDuration.meta({ description: "Time this stage takes; 0s: at once" }),
      target: FIELDS.stageClients
        .optional()
        .meta({ description: "Clients at its end; their number changes evenly on the way" }),
      arrivals: FIELDS.arrivals.optional().meta({
        description: "In place of target: so many clients a second come, beside those that are there",
      }),
      stay: FIELDS.duration.optional().meta({ description: "With arrivals: how long each of them stays" }),
    },
    { error: STAGE_RULE },
  )
  .superRefine(oneOf(["target", "arrivals"], STAGE_RULE))
  .refine(({ arrivals, stay }) => (arrivals === undefined) === (stay === undefined), { error: STAGE_RULE });

const transport = z.strictObject(
  {
    connectTimeout: FIELDS.connectTimeout.optional().meta({
      description:
        "patient: the whole time to connect, default 60s; native, webgl: Unity's connectTimeoutMS, default 1s",
    }),
    maxConnectAttempts: FIELDS.maxConnectAttempts
      .optional()
      .meta({ description: "Unity's maxConnectAttempts", default: 60 }),
    heartbeat: FIELDS.heartbeat.optional().meta({
      description: "Send silence after which a heartbeat leaves; 0s: never",
      default: "500ms",
    }),
    disconnectTimeout: FIELDS.disconnectTimeout.optional().meta({
      description: "Silence of the server after which a client gives up; 0s: never",
      default: "30s",
    }),
    maxMessageSize: FIELDS.maxMessageSize
      .optional()
      .meta({ description: "Unity's maxMessageSize, the same at both ends", default: 1400 }),
    pathMtuDiscovery: FIELDS.yesNo.optional().meta({
      description: "Unity's performPathMtuDiscovery: probe how large packets may be before the connection is up",
      default: false,
    }),
    pingInterval: FIELDS.pingInterval.optional().meta({
      description: "Interval of measuring WebSocket pings, or unity, or off; default 5s, native and webgl: unity",
    }),
    updateHz: FIELDS.updateHz.optional().meta({ description: "Updates a second of native and webgl", default: 60 }),
  },
  { error: "an object of transport settings" },
);

const tls = z.strictObject(
  {
    ca: FIELDS.caFile
      .optional()
      .meta({ description: "PEM file of the authority to trust, beside the profile; default: the system's" }),
    insecure: FIELDS.yesNo.optional().meta({ description: "Accept any certificate", default: false }),
  },
  { error: "an object with ca and insecure" },
);

const server = z.strictObject(
  {
    tick: FIELDS.tickHz.optional().meta({
      description: "Unity's behaviour under load at so many updates a second; 0: answers at once, no limits",
      default: 0,
    }),
    echo: FIELDS.yesNo.optional().meta({ description: "Send every message back", default: true }),
    queue: FIELDS.queuePackets
      .optional()
      .meta({ description: "Receive and send queue, bites with a tick only", default: 512 }),
    latency: FIELDS.latency.optional().meta({ description: "Delay of what the server sends", default: "0s" }),
    jitter: FIELDS.latency
      .optional()
      .meta({ description: "Random delay on top, from 0 to this, order kept", default: "0s" }),
    drop: FIELDS.share.optional().meta({ description: "Share of the server's messages that are lost", default: "0%" }),
    maxConnections: FIELDS.maxConnections.optional().meta({ description: "Clients beyond this are refused" }),
  },
  { error: "an object of settings of the embedded server" },
);

/** A profile as written, checked; durations are numbers of milliseconds, percentages shares. Every key may be left out. */
export const profileSchema = z
  .strictObject(
    {
      name: FIELDS.name
        .optional()
        .meta({ description: "Name of the run and its results folder; default: the file's name" }),
      target: FIELDS.target.optional().meta({
        description: "`ws://` or `wss://` URL; embedded starts a server in a process of its own",
        default: "embedded",
      }),
      client: FIELDS.client.optional().meta({ description: "Which client is imitated", default: "patient" }),
      clients: FIELDS.clients.optional().meta({ description: "Clients at full load", default: 10 }),
      ramp: FIELDS.ramp.optional().meta({
        description: "Time to full load, or clients a second; default: the longer of 1s and clients/50 s, 10s at most",
      }),
      duration: FIELDS.duration.optional().meta({ description: "Time at full load, after the ramp", default: "30s" }),
      stages: z
        .array(stage, { error: "a list of stages, each with duration and target or arrivals" })
        .min(1, { error: "a list of at least one stage" })
        .max(1000, { error: "a list of at most 1000 stages" })
        .optional()
        .meta({ description: "The load over time, instead of clients, ramp and duration" }),
      rate: FIELDS.ratePerSecond.optional().meta({ description: "Messages a second per client; 0: none", default: 10 }),
      size: FIELDS.payloadBytes.optional().meta({
        description:
          "Payload of each message, bytes; under 16 there is no room for the mark that tells an echo, so rtt stays empty",
        default: 64,
      }),
      pipeline: FIELDS.pipelineRef
        .optional()
        .meta({ description: "Pipeline of each message, by number or name; 0: none", default: 0 }),
      warmup: FIELDS.warmup.optional().meta({
        description: "From the start: left out of thresholds and summary, kept in the series",
        default: "0s",
      }),
      seed: FIELDS.seed
        .optional()
        .meta({ description: "Same seed and profile, same plan and payload bytes", default: 1 }),
      gracefulStop: FIELDS.gracefulStop
        .optional()
        .meta({ description: "Time for clients to leave before the hard end", default: "5s" }),
      connectPayload: FIELDS.connectPayload.optional().meta({
        description:
          "Payload of the Connection Request: `hex:0a0b`, `utf8:player` or `file:ticket.bin`; 15 bytes less than the largest size",
      }),
      headers: z
        .record(z.string(), FIELDS.text, { error: "header names, each with a text" })
        .optional()
        .meta({ description: "More headers of the upgrade request" }),
      localAddresses: z
        .array(FIELDS.localAddress, { error: "a list of IP addresses of this machine" })
        .min(1, { error: "a list of at least one IP address" })
        .optional()
        .meta({ description: "Source addresses of this machine, used in turn; default: the system's choice" }),
      tls: tls.optional().meta({ description: "For wss:// targets" }),
      pipelines: pipelines.optional().meta({
        description: "Pipelines as the server creates them: none, ngo, or the stages of each",
        default: "none",
      }),
      transport: transport.optional().meta({ description: "Settings of Unity's transport" }),
      scenarios: scenarios.optional().meta({
        description: "Kinds of players and what each does, instead of rate, size and pipeline",
      }),
      thresholds: thresholds.optional().meta({ description: "What decides pass or fail, per metric" }),
      server: server.optional().meta({ description: "Settings of the embedded server" }),
    },
    { error: "an object of profile keys such as target, clients and duration" },
  )
  .superRefine((profile, context) => {
    const refuse = (key: "stages" | "scenarios", others: readonly (keyof typeof profile)[]): void => {
      if (profile[key] === undefined || others.every((other) => profile[other] === undefined)) return;
      const message = `left out where ${listed(others, "or")} stands`;
      context.addIssue({ code: "custom", path: [key], message });
    };
    refuse("stages", ["clients", "ramp", "duration"]);
    refuse("scenarios", ["rate", "size", "pipeline"]);
  });

export type ProfileInput = z.output<typeof profileSchema>;

/** JSON Schema (draft 2020-12) of what people write; editors complete and check profiles with it. */
export function profileJsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(profileSchema, {
    io: "input",
    target: "draft-2020-12",
    // A value that is converted loses its default on the way, though the default is written as people write it.
    override: ({ zodSchema, jsonSchema }) => {
      const written = z.globalRegistry.get(zodSchema)?.default;
      if (written !== undefined) jsonSchema.default = written as NonNullable<typeof jsonSchema.default>;
    },
  });
  return { title: "utp-load profile", ...schema };
}
