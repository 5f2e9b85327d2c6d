/** What can go wrong and must be handled; what cannot happen is thrown. */
export type Result<Value, Problem> =
  { readonly ok: true; readonly value: Value } | { readonly ok: false; readonly problem: Problem }

export const done: Result<void, never> = { ok: true, value: undefined }

export function ok<Value>(value: Value): Result<Value, never> {
  return { ok: true, value }
}

export function failed<Problem>(problem: Problem): Result<never, Problem> {
  return { ok: false, problem }
}
