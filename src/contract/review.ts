/**
 * Where the page of `gruppnummer review` gets the file that it shows: GET with `authorization: Bearer TOKEN`, the token
 * of the address's fragment (`/review#file=TOKEN`). The answer's body is the file, `last-modified` its time, and
 * `reviewNameHeader` its name, percent-encoded.
 */
export const reviewPath = '/api/review'
export const reviewNameHeader = 'x-file-name'
