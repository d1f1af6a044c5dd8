// Where the connections of clients go: to the server, from each of the profile's own addresses in turn. Connects nothing.
import type { Profile } from "../profile/profile.js";
import { maxWebSocketMessageBytes } from "../protocol/parameters.js";
import type { TransportTarget, WireMeter } from "../transport/transport.js";

export interface TargetSetup {
  readonly profile: Profile;
  /** `embedded` resolved. */
  readonly url: string;
  /** Numeric, where the URL's name has just one. */
  readonly address: string | undefined;
}

/** One target per source address, one at least; `meter` counts what goes over the wire. */
export function transportTargets({ profile, url, address }: TargetSetup, meter: WireMeter): TransportTarget[] {
  const target: TransportTarget = {
    url,
    headers: profile.headers,
    insecure: profile.insecure,
    maxMessageBytes: maxWebSocketMessageBytes(profile.parameters),
    meter,
    ...(address !== undefined && { address }),
    ...(profile.ca !== undefined && { ca: profile.ca }),
  };
  if (profile.localAddresses.length === 0) return [target];
  return profile.localAddresses.map((localAddress) => ({ ...target, localAddress }));
}
