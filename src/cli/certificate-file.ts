// The file behind --ca of commands without a profile. Reads it, trusts nothing.
import { readFileSync } from "node:fs";
import type { UsageError } from "../errors.js";

/** @throws {UsageError} That `wrong` makes, if the file cannot be read or is no PEM file with a certificate. */
export function certificateFile(path: string, wrong: (rule: string, got: string, hint: string) => UsageError): string {
  let pem: string;
  try {
    pem = readFileSync(path, "latin1");
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error);
    throw wrong("a file that can be read", path, `Reading it gave ${reason}`);
  }
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  const hint = "Convert it: openssl x509 -inform der -in FILE -out ca.pem";
  throw wrong("a PEM file with a certificate", path, hint);
}
