// Every error that utp-load shows to a person. Each has a stable code (docs/errors.md) and a hint that says what to do.

/** Base of all errors a user may see. `message` says what was attempted, the field, the rule and the value. */
export abstract class UtpLoadError extends Error {
  /** Stable, listed in docs/errors.md; tests match it, never the text. */
  abstract readonly code: `E_${string}`;
  /** What the user can change; the CLI prints it under the message. */
  abstract readonly hint: string;
  override get name(): string {
    return this.constructor.name;
  }
}

/** A flag, an environment variable or an argument has a value that cannot be used. Exit code 104. */
export class UsageError extends UtpLoadError {
  override readonly code = "E_USAGE";
  override readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** A profile cannot be read, or a field of it has a value that cannot be run. Exit code 104. */
export class ProfileError extends UtpLoadError {
  override readonly code = "E_PROFILE";
  override readonly hint: string;

  constructor(message: string, hint: string) {
    super(message);
    this.hint = hint;
  }
}

/** This machine lacks something the run needs: a free port, descriptors, a folder that can be written. Exit code 104. */
export class EnvironmentError extends UtpLoadError {
  override readonly code = "E_ENVIRONMENT";
  override readonly hint: string;

  constructor(message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}

/** A connection could not be opened, or was used after its end. `reason` is the cause as docs/errors.md lists it. */
export class ConnectionError extends UtpLoadError {
  override readonly code = "E_CONNECTION";
  override readonly hint: string;
  readonly reason: string;

  constructor(message: string, reason: string, hint: string) {
    super(message);
    this.reason = reason;
    this.hint = hint;
  }
}
