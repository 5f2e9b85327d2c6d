import { expect, test } from 'vitest'
import { readCsv, writeCsv } from '../../../../src/renderer/supervisor/shared/csv.ts'

test.each(['=1+1', '+46701234567', '-1', '@SUM(A1)', '\t=1', '\r=1', '\n=1', '＝1+1', '＋1', '－1', '＠SUM(A1)'])(
  'a spreadsheet takes %j for no formula',
  (text) => {
    expect(writeCsv([[text]])).toMatch(/^\uFEFF"?'/)
  },
)

test.each(['=1+1', '+46701234567', 'a;b', 'a"b', "'s-Gravenhage", "O'Hara", '＝1', 'Åsa, Öberg'])(
  '%j comes back as it was written',
  (text) => {
    expect(readCsv(writeCsv([['name'], [text]]))).toEqual([['name'], [text]])
  },
)
