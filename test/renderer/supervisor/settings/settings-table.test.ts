import { expect, test } from 'vitest'
import { presets } from '../../../../src/core/configuration/presets.ts'
import { readNumber } from '../../../../src/renderer/supervisor/settings/read-number.ts'
import {
  ranges,
  settingGroups,
  type NumberKind,
  type Range,
} from '../../../../src/renderer/supervisor/settings/settings-table.ts'
import {
  readCallers,
  typedCaller,
  type TypedCaller,
} from '../../../../src/renderer/supervisor/settings/typed-callers.ts'

test('every setting stands in exactly one group', () => {
  const shown = Object.values(settingGroups).flat()
  expect(shown.toSorted()).toEqual(Object.keys(presets).toSorted())
})

test('ranges are those of the document’s schema', () => {
  expect(ranges.ringSeconds).toEqual({ from: 5, to: 180, whole: true })
  expect(ranges.maxQueueLength).toEqual({ from: 0, to: 1000, whole: true })
  expect(ranges.escalateSeconds.to).toBe(86_400)
  expect(ranges.priority).toEqual({ from: -1000, to: 1000, whole: true })
})

test.each<[string, Range, NumberKind, number | undefined]>([
  ['20', ranges.ringSeconds, 'seconds', 20],
  [' 1 200 ', ranges.maxWaitSeconds, 'seconds', 1200],
  ['1:30', ranges.ringSeconds, 'seconds', 90],
  ['1:02:05', ranges.maxWaitSeconds, 'seconds', 3725],
  ['1:75', ranges.ringSeconds, 'seconds', undefined],
  ['4', ranges.ringSeconds, 'seconds', undefined],
  ['181', ranges.ringSeconds, 'seconds', undefined],
  ['20.5', ranges.ringSeconds, 'seconds', undefined],
  ['', ranges.ringSeconds, 'seconds', undefined],
  ['en minut', ranges.ringSeconds, 'seconds', undefined],
  ['1:30', ranges.missesBeforePause, 'count', undefined],
  ['−5', ranges.priority, 'count', -5],
  ['2,5', ranges.callbackHours, 'count', 2.5],
  ['0', ranges.callbackHours, 'count', undefined],
])('reads %j', (text, range, kind, number) => {
  expect(readNumber(text, range, kind)).toBe(number)
})

const caller = (given: Partial<TypedCaller>): TypedCaller => ({
  by: 'number',
  who: '070-123 45 67',
  then: 'first',
  priority: '10',
  ...given,
})

test('callers are read as people write numbers, and written back so', () => {
  const { rules } = readCallers([caller({}), caller({ by: 'prefix', who: '08', then: 'block' })])
  expect(rules).toEqual([
    { number: '+46701234567', priority: 10 },
    { prefix: '+468', block: true },
  ])
  expect(rules!.map(typedCaller)).toMatchObject([
    { by: 'number', who: '070-123 45 67', then: 'first', priority: '10' },
    { by: 'prefix', who: '+468', then: 'block' },
  ])
})

test.each<[string, Partial<TypedCaller>, string]>([
  ['no number', { who: '112 kanske' }, 'number'],
  ['no beginning of a number', { by: 'prefix', who: 'abc' }, 'prefix'],
  ['no priority', { priority: 'hög' }, 'priority'],
])('%s: nothing of the list counts', (_, given, fault) => {
  expect(readCallers([caller({ who: '08-123 456' }), caller(given)])).toEqual({ faults: [undefined, fault] })
})

test('one number twice is a mistake', () => {
  expect(readCallers([caller({}), caller({ who: '+46 70 123 45 67' })]).faults).toEqual([undefined, 'twice'])
})
