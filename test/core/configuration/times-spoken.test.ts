import { expect, test } from 'vitest'
import { timesSpoken } from '../../../src/core/configuration/times-spoken.ts'

test.each<[string, string[]]>([
  ['Vi har öppet vardagar 8-16.', ['08:00', '16:00']],
  ['Vi har öppet mellan klockan 8 och 16.30.', ['08:00', '16:30']],
  ['Öppet kl. 08.00–17.00, lunchstängt 12:00.', ['08:00', '17:00', '12:00']],
  ['Från 9 till kl 15', ['09:00', '15:00']],
  ['We are open from 9 a.m. to 5 p.m.', ['09:00', '17:00']],
  ['Open 9 to 5 pm, and 12 am', ['09:00', '17:00', '00:00']],
  ['Ring 0122-26 09 80 eller 08-12 34 56.', []],
  ['Ring 112 eller +46 8 12 34 56', []],
  ['Tryck 1 för svenska. Vi är 20 agenter.', []],
  ['Version 2.10.3 kostar 99 kronor', []],
  ['', []],
])('[C39] the times in %j', (text, expected) => {
  expect(timesSpoken(text)).toEqual(expected)
})
