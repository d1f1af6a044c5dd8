// Everything that one player sends over one connection: its tracks, and the sends of its steps. Decides neither when a step comes nor
// when a track ends.
import type { ClientVariables } from "../workload/client-variables.js";
import { SendSchedule } from "../workload/pacer.js";
import type { Session } from "./attempt.js";
import type { MessageOutlet } from "./message-outlet.js";
import { streamOf } from "./message-stream.js";
import { SendTrack, type TrackPlan } from "./send-track.js";
import { type SendPlan, SingleSends } from "./single-sends.js";
import type { UserContext } from "./user-context.js";

const SECOND_MS = 1000;

export class ConnectionSends {
  readonly #context: UserContext;
  readonly #client: ClientVariables;
  readonly #outlet: MessageOutlet;
  readonly #session: Session;
  readonly #tracks: SendTrack[] = [];
  /** Of the steps that send marked messages: their echoes may come any time. */
  #marked: Map<SendPlan, SingleSends> | undefined;
  #lastSingle: SingleSends | undefined;

  constructor(context: UserContext, client: ClientVariables, outlet: MessageOutlet, session: Session) {
    this.#context = context;
    this.#client = client;
    this.#outlet = outlet;
    this.#session = session;
  }

  /** When the next scheduled message is intended to leave; Infinity: there is no track. */
  get nextMs(): number {
    return this.#earliest?.nextMs ?? Number.POSITIVE_INFINITY;
  }

  /** Starts a track, no send of which is intended before `fromMs`. One that runs already goes on as it is. */
  start(plan: TrackPlan, fromMs: number): void {
    if (this.#tracks.some((track) => track.plan === plan)) return;
    const { profile, originMs, plannedClients } = this.#context;
    // A client beyond the plan sends where one of the plan does.
    const share = (this.#client.number / plannedClients) % 1;
    const schedule = new SendSchedule(plan.intervalMs, share, fromMs, originMs);
    const stream = streamOf(plan.message, this.#client, profile.seed, SECOND_MS / plan.intervalMs);
    this.#tracks.push(new SendTrack(plan, schedule, this.#outlet, stream));
  }

  /** Sends the scheduled message that is due first. */
  sendNext(nowMs: number): void {
    this.#earliest?.sendNext(this.#session, nowMs);
  }

  /** Sends the message of a step; false: it did not leave, which is counted. */
  send(plan: SendPlan, intendedMs: number, nowMs: number): boolean {
    const sends = this.#sendsOf(plan);
    if (!sends.send(this.#session, intendedMs, nowMs)) return false;
    this.#lastSingle = sends;
    return true;
  }

  /** What the last step sent is answered, though not by its echo; false: it was before. */
  takeLast(): boolean {
    return this.#lastSingle?.takeLast() === true;
  }

  /** Whether the message is the echo of one of these; then it is measured. */
  takeEcho(message: Uint8Array, nowMs: number): boolean {
    for (const track of this.#tracks) if (track.takeEcho(message, nowMs)) return true;
    if (this.#marked === undefined) return false;
    for (const sends of this.#marked.values()) if (sends.takeEcho(message, nowMs)) return true;
    return false;
  }

  /** The connection is over: what fell due before `untilMs` and did not leave is dropped, not forgotten. */
  dropDue(untilMs: number): void {
    for (const track of this.#tracks) track.dropDue(untilMs);
  }

  /** What tracks would have sent before `fromMs` is no longer planned. */
  skipTo(fromMs: number): void {
    for (const track of this.#tracks) track.skipTo(fromMs);
  }

  /** Of written messages only the last can be asked about, so no other is kept: a recording has thousands of steps. */
  #sendsOf(plan: SendPlan): SingleSends {
    const known = plan.message.kind === "marked" ? this.#marked?.get(plan) : this.#lastSingle;
    if (known?.plan === plan) return known;
    const stream = streamOf(plan.message, this.#client, this.#context.profile.seed, 0);
    const sends = new SingleSends(plan, this.#outlet, stream);
    if (plan.message.kind === "marked") this.#marked = (this.#marked ?? new Map()).set(plan, sends);
    return sends;
  }

  get #earliest(): SendTrack | undefined {
    let earliest = this.#tracks[0];
    for (const track of this.#tracks) if (track.nextMs < earliest!.nextMs) earliest = track;
    return earliest;
  }
}
