/** The languages that numbers are spoken in. */
export type SpokenLanguage = 'sv' | 'en'

/**
 * The words that numbers are put together from, by the name of the piece; a piece is the sound
 * `resources/numbers/LANGUAGE/NAME.wav`, made by `scripts/make-numbers.ts`. Pieces are named in digits, since not every file
 * system keeps a name with Swedish letters as it was.
 */
export const numberWords: Readonly<Record<SpokenLanguage, Readonly<Record<string, string>>>> = {
  sv: {
    ...counted(
      'noll ett två tre fyra fem sex sju åtta nio tio elva tolv tretton fjorton femton sexton sjutton arton nitton',
    ),
    ...tens('tjugo trettio fyrtio femtio sextio sjuttio åttio nittio'),
    '100': 'hundra',
    '1000': 'tusen',
    /** The *en* of "en minut", "tjugoen minuter". */
    en: 'en',
  },
  en: {
    ...counted(
      'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
        'eighteen nineteen',
    ),
    ...tens('twenty thirty forty fifty sixty seventy eighty ninety'),
    '100': 'hundred',
    '1000': 'thousand',
    and: 'and',
  },
}

/**
 * The pieces that say a whole number from 0 to 9999, in order; undefined for any other. `common`: Swedish counts something
 * of common gender, as in "en minut"; nothing in English changes.
 */
export function wordsOfNumber(
  number: number,
  language: SpokenLanguage,
  gender: 'common' | 'neuter' = 'neuter',
): readonly string[] | undefined {
  if (!Number.isInteger(number) || number < 0 || number > 9999) return undefined
  if (number === 0) return ['0']
  const [thousands, rest] = [Math.floor(number / 1000), number % 1000]
  const [hundreds, last] = [Math.floor(rest / 100), rest % 100]
  const small = last === 0 ? [] : underHundred(last)
  // Only what is counted follows the gender: it is "ett tusen en minuter", never "en tusen".
  const ending =
    language === 'sv' && gender === 'common' && small.at(-1) === '1' ? [...small.slice(0, -1), 'en'] : small
  return [
    ...(thousands > 0 ? [String(thousands), '1000'] : []),
    ...(hundreds > 0 ? [String(hundreds), '100'] : []),
    ...(language === 'en' && number > 100 && ending.length > 0 ? ['and'] : []),
    ...ending,
  ]
}

/** From 1 to 99. */
function underHundred(number: number): readonly string[] {
  if (number < 20) return [String(number)]
  const one = number % 10
  return one === 0 ? [String(number)] : [String(number - one), String(one)]
}

function counted(words: string): Record<string, string> {
  return Object.fromEntries(words.split(' ').map((word, value) => [String(value), word]))
}

function tens(words: string): Record<string, string> {
  return Object.fromEntries(words.split(' ').map((word, at) => [String((at + 2) * 10), word]))
}
