import { expect, test } from 'vitest'
import { isOurs, mayOpenOutside, mayShow, mayUse, webPreferences } from '../../src/main/policy.ts'

const home = 'http://127.0.0.1:8330'
const page = `${home}/desk`

test.each([
  ['our own page', page, true],
  ['another port of this machine', 'http://127.0.0.1:8331/desk', false],
  ['our name in another scheme', 'https://127.0.0.1:8330/desk', false],
  ['a host that begins like ours', 'http://127.0.0.1:8330.example/desk', false],
  ['a file', 'file:///etc/passwd', false],
  ['a script', 'javascript:alert(1)', false],
  ['no address at all', 'desk', false],
])('a window shows %s: %s is %s', (_, url, allowed) => {
  expect(mayShow(url, home)).toBe(allowed)
})

test.each([
  ['https://example.com/', true],
  ['http://example.com/', false],
  ['file:///etc/passwd', false],
  ['smb://server/share', false],
  ['tel:+46122260980', false],
  ['', false],
])('the browser is handed %s: %s', (url, allowed) => {
  expect(mayOpenOutside(url)).toBe(allowed)
})

test.each([
  ['the microphone in our page', 'media', { url: page, mainFrame: true, mediaTypes: ['audio'] }, true],
  ['the choice of loudspeaker', 'speaker-selection', { url: page, mainFrame: true }, true],
  ['the camera', 'media', { url: page, mainFrame: true, mediaTypes: ['audio', 'video'] }, false],
  ['the microphone in a frame', 'media', { url: page, mainFrame: false, mediaTypes: ['audio'] }, false],
  ['the microphone in another page', 'media', { url: 'https://example.com/', mainFrame: true }, false],
  ['the place', 'geolocation', { url: page, mainFrame: true }, false],
  ['the clipboard', 'clipboard-read', { url: page, mainFrame: true }, false],
])('%s', (_, permission, asking, allowed) => {
  expect(mayUse(permission, asking, home)).toBe(allowed)
})

test('a request counts only from the main frame of our own page', () => {
  expect(isOurs({ url: page, parent: null }, home)).toBe(true)
  expect(isOurs({ url: page, parent: {} }, home)).toBe(false)
  expect(isOurs({ url: 'https://example.com/', parent: null }, home)).toBe(false)
  expect(isOurs(null, home)).toBe(false)
})

test('a window has no Node and a world of its own', () => {
  expect(webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    webviewTag: false,
  })
})
