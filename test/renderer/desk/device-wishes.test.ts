import { expect, test } from 'vitest'
import { devicesOf, presentDevice, withWish } from '../../../src/renderer/desk/sound/device-wishes.ts'

const jabra = { id: 'j1', label: 'Jabra Evolve2' }
const builtIn = { id: 'b1', label: 'Built-in' }
const usb = { id: 'u1', label: 'USB' }

test('what was chosen last and is plugged in is used; what is pulled out is fallen back from, and taken again', () => {
  const wishes = withWish(withWish([], builtIn), jabra)
  expect(presentDevice(wishes, [usb, builtIn, jabra])).toEqual(jabra)
  expect(presentDevice(wishes, [usb, builtIn])).toEqual(builtIn)
  expect(presentDevice(wishes, [usb])).toBeUndefined()
  expect(presentDevice(wishes, [usb, builtIn, jabra])).toEqual(jabra)
})

test('a device that comes back with another id is known by its label; a label that is not told fits nothing', () => {
  expect(presentDevice([jabra], [{ ...jabra, id: 'j2' }])).toEqual({ ...jabra, id: 'j2' })
  expect(presentDevice([{ id: 'x', label: '' }], [{ id: 'y', label: '' }])).toBeUndefined()
})

test('a choice is remembered once, the newest first; the system’s own forgets the others', () => {
  expect(withWish([jabra, builtIn], { ...builtIn, id: 'b2' })).toEqual([{ ...builtIn, id: 'b2' }, jabra])
  expect(withWish([jabra], undefined)).toEqual([])
})

test('the browser’s stand-ins for the system’s own are no devices', () => {
  const listed = ['default', 'communications', '', 'j1'].map((deviceId) => ({
    kind: 'audioinput' as const,
    deviceId,
    label: 'Jabra Evolve2',
  }))
  expect(devicesOf('audioinput', listed)).toEqual([jabra])
  expect(devicesOf('audiooutput', listed)).toEqual([])
})
