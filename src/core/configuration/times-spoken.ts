/**
 * The times of day that a text says, as `HH:MM`, in the order of the text. A time is one with minutes (`16:30`,
 * `16.30`), one with `a.m.` or `p.m.`, or either end of a range (`8-16`, `kl. 8 till 16`, `9 to 5 pm`). Digits that go on
 * beside it are a phone number, and no time.
 */
export function timesSpoken(text: string): readonly string[] {
  const times: string[] = []
  for (const [, ...parts] of text.matchAll(pattern)) {
    const [hour, minute, half, , endHour, endMinute, endHalf] = parts
    const isRange = endHour !== undefined
    const isTime = (given: string | undefined, afternoon: string | undefined) =>
      isRange || given !== undefined || afternoon !== undefined
    if (isTime(minute, half))
      times.push(...timeOf(hour, minute, half ?? (isMorning(hour, endHour) ? undefined : endHalf)))
    if (isRange) times.push(...timeOf(endHour, endMinute, endHalf))
  }
  return times
}

/** `9 to 5 pm` begins in the morning. */
const isMorning = (hour: string | undefined, endHour: string | undefined) => Number(hour) > Number(endHour)

const time = String.raw`(\d{1,2})(?:[.:](\d{2}))?(?:\s?([ap]\.?m\b\.?))?`
const pattern = new RegExp(
  String.raw`(?<![\d+.:–-])(?<!\d )${time}(?:\s?(–|-|till|och|to|and|until)\s?(?:klockan |kl\.? )?${time})?(?![\d–-]|[.:]\d| \d)`,
  'gi',
)

function timeOf(hour = '', minute = '00', half?: string): readonly string[] {
  const isAfternoon = half?.toLowerCase().startsWith('p') ?? false
  const hours = half === undefined ? Number(hour) : (Number(hour) % 12) + (isAfternoon ? 12 : 0)
  if (hours > 24 || Number(minute) > 59) return []
  return [`${String(hours).padStart(2, '0')}:${minute}`]
}
