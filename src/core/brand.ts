declare const brand: unique symbol

/** A value that carries its meaning: brands are given only where data is parsed, and in `time.ts`. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name }

/** Reached only if a union gained a member that a `switch` does not handle: a compile error first. */
export function never(value: never): never {
  throw new Error(`not handled: ${JSON.stringify(value)}`)
}
