import { expect, test } from 'vitest'
import { isOurs, mayOpenOutside, mayShow, mayUse, mayUseDevice, webPreferences } from '../../src/main/policy.ts'

const page = 'app://gruppnummer/desk'

test.each([
  ['our own page', page, true],
  ['our card', 'app://gruppnummer/card.html#%7B%7D', true],
  ['another host in our scheme', 'app://other/desk', false],
  ['a host that begins like ours', 'app://gruppnummer.example/desk', false],
  ['our host with a user', 'app://a@gruppnummer/desk', true],
  ['our name in another scheme', 'https://gruppnummer/desk', false],
  ['the service itself', 'http://127.0.0.1:8330/desk', false],
  ['a file', 'file:///etc/passwd', false],
  ['a script', 'javascript:alert(1)', false],
  ['a page in the address', 'data:text/html,hello', false],
  ['a page made by a page', 'blob:app://gruppnummer/1', false],
  ['no address at all', 'desk', false],
])('a window shows %s (%s): %s', (_, url, allowed) => {
  expect(mayShow(url)).toBe(allowed)
})

test.each([
  ['https://example.com/', true],
  ['https://crm.example.com/?tel=%2B46701740605#now', true],
  ['https://user:secret@example.com/', false],
  ['https://user@example.com/', false],
  ['https://example.com@elsewhere.example/', false],
  ['javascript:alert(1)', false],
  ['JAVASCRIPT:alert(1)', false],
  ['data:text/html,hello', false],
  ['https:\\\\example.com/', false],
  ['https://example.com\\@elsewhere.example/', false],
  ['java\nscript:alert(1)', false],
  ['https://example.com/\u0000', false],
  [' https://example.com/', false],
  [`https://example.com/${'x'.repeat(8000)}`, false],
  ['https://', false],
  ['http://example.com/', false],
  ['file:///etc/passwd', false],
  ['smb://server/share', false],
  ['tel:+46122260980', false],
  ['app://gruppnummer/', false],
  ['', false],
])('the browser is handed %s: %s', (url, allowed) => {
  expect(mayOpenOutside(url)).toBe(allowed)
})

test.each([
  ['the microphone in our page', 'media', { url: page, mainFrame: true, mediaTypes: ['audio'] }, true],
  ['the choice of loudspeaker', 'speaker-selection', { url: page, mainFrame: true }, true],
  ['the buttons of a headset', 'hid', { url: page, mainFrame: true }, true],
  ['the whole screen', 'fullscreen', { url: page, mainFrame: true }, true],
  ['the camera', 'media', { url: page, mainFrame: true, mediaTypes: ['audio', 'video'] }, false],
  ['a medium that is not named', 'media', { url: page, mainFrame: true }, false],
  ['no medium', 'media', { url: page, mainFrame: true, mediaTypes: [] }, false],
  ['the screen of others', 'media', { url: page, mainFrame: true, mediaTypes: ['unknown'] }, false],
  ['the microphone in a frame', 'media', { url: page, mainFrame: false, mediaTypes: ['audio'] }, false],
  [
    'the microphone in another page',
    'media',
    { url: 'https://a.example/', mainFrame: true, mediaTypes: ['audio'] },
    false,
  ],
  ['a headset in another page', 'hid', { url: 'https://a.example/', mainFrame: true }, false],
  ['a USB device', 'usb', { url: page, mainFrame: true }, false],
  ['a serial port', 'serial', { url: page, mainFrame: true }, false],
  ['the place', 'geolocation', { url: page, mainFrame: true }, false],
  ['what was copied', 'clipboard-read', { url: page, mainFrame: true }, false],
  ['another program', 'openExternal', { url: page, mainFrame: true }, false],
])('%s', (_, permission, asking, allowed) => {
  expect(mayUse(permission, asking)).toBe(allowed)
})

test.each([
  ['hid', 'app://gruppnummer', true],
  ['usb', 'app://gruppnummer', false],
  ['serial', 'app://gruppnummer', false],
  ['hid', 'https://a.example', false],
])('a device of kind %s for %s: %s', (deviceType, origin, allowed) => {
  expect(mayUseDevice({ deviceType, origin })).toBe(allowed)
})

test('a request counts only from the main frame of our own page', () => {
  expect(isOurs({ url: page, parent: null })).toBe(true)
  expect(isOurs({ url: page, parent: {} })).toBe(false)
  expect(isOurs({ url: 'https://example.com/', parent: null })).toBe(false)
  expect(isOurs({ url: 'about:blank', parent: null })).toBe(false)
  expect(isOurs(null)).toBe(false)
})

test('a window has no Node and a world of its own', () => {
  expect(webPreferences).toMatchObject({
    sandbox: true,
    contextIsolation: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    allowRunningInsecureContent: false,
    experimentalFeatures: false,
    webviewTag: false,
  })
})
