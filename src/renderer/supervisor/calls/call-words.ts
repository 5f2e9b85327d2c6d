import { useI18n } from 'vue-i18n'
import type { CallDetailRecord, CallQuality } from '../../../contract/call-records.ts'
import { poorScore } from '../../desk/softphone/quality.ts'

/** A call is bad where its mean is, or where a tenth of it was. */
export const wasBad = ({ score, poorSeconds, seconds }: CallQuality) => score < poorScore || poorSeconds * 10 >= seconds

/** Says of a call detail record how it ended and how it sounded. */
export function useCallWords() {
  const { t, n } = useI18n()
  const language = useI18n()

  function end({ way, end: ended, talked, voicemail }: CallDetailRecord): string {
    const key = way === 'out' && talked === undefined ? `passed.end.${ended}` : `around.end.${ended}`
    const said = language.te(key) ? t(key) : t('around.end.lost')
    return voicemail ? `${said}, ${t('around.voicemail')}` : said
  }

  /** A word and the score; where it was bad, the plain cause too. */
  function sound(quality: CallQuality | undefined): string {
    if (quality === undefined) return ''
    const word = wasBad(quality) ? 'phone.qualityBad' : quality.score >= 4 ? 'phone.qualityGood' : 'phone.qualityFair'
    const score = n(quality.score, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
    const cause = wasBad(quality) && quality.cause ? `: ${t(`phone.cause.${quality.cause}`)}` : ''
    return `${t(word)} ${score}${cause}`
  }

  const measured = ({ loss, jitter, roundTrip }: CallQuality) =>
    t('phone.measured', {
      loss: n(loss, { maximumFractionDigits: 1 }),
      jitter: n(jitter, { maximumFractionDigits: 0 }),
      roundTrip: roundTrip === undefined ? '–' : n(roundTrip, { maximumFractionDigits: 0 }),
    })

  return { end, sound, measured }
}
