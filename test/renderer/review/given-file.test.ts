import { afterEach, expect, test } from 'vitest'
import { fetchGivenFile, fileToken } from '../../../src/renderer/review/given-file.ts'

const token = 'k3vJ9v0m1rM2n8Q7w6E5t4R3y2U1i0O9p8A7s6D5f4G'

afterEach(() => {
  location.hash = ''
})

const answering = (answer: Response) => (() => Promise.resolve(answer)) as typeof fetch

test('the token of the address is that of a file, and no sign-in link', () => {
  location.hash = `#file=${token}`
  expect(fileToken()).toBe(token)
  location.hash = `#link=${token}`
  expect(fileToken()).toBeUndefined()
})

test('the file has the name and the time that the command says', async () => {
  const headers = { 'x-file-name': '%C3%B6ppet.json', 'last-modified': 'Mon, 23 Nov 2026 08:00:00 GMT' }
  const file = await fetchGivenFile(token, answering(new Response('{}', { headers })))
  expect(file).toMatchObject({ name: 'öppet.json', lastModified: Date.parse('2026-11-23T08:00:00Z'), size: 2 })
})

test('where the command has ended there is no file', async () => {
  expect(await fetchGivenFile(token, () => Promise.reject(new TypeError('refused')))).toBeUndefined()
  expect(await fetchGivenFile(token, answering(new Response('', { status: 401 })))).toBeUndefined()
})
