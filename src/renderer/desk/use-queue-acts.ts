import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { z } from 'zod'
import type { CallId } from '../../core/routing/messages.ts'
import { useConsoleStore } from '../stores/console-store.ts'
import type { QueueAct } from './queue-act.ts'

const pickedSchema = z.looseObject({
  outcome: z.enum(['ringing', 'taken', 'gone', 'notReady']),
  by: z.string().optional(),
})

/** Picks, moves and puts first; `trouble` says in words why that came to nothing. */
export function useQueueActs() {
  const { t } = useI18n()
  const service = useConsoleStore()
  const trouble = ref<string>()

  const supervised = computed(() => {
    const { roles = [], supervises = [] } = service.signedIn ?? {}
    const all = Object.values(service.live?.groups ?? {})
    if (roles.includes('admin')) return all
    return roles.includes('supervisor') ? all.filter(({ group }) => supervises.includes(group)) : []
  })

  async function act(call: CallId, asked: QueueAct) {
    trouble.value = undefined
    const reply = await service.ask(
      asked.act === 'pick'
        ? { type: 'pick', call }
        : asked.act === 'move'
          ? { type: 'moveCall', call, group: asked.group }
          : { type: 'prioritise', call, priority: asked.priority },
    )
    if (!reply.ok) trouble.value = t(`desk.problem.${reply.problem}`)
    else if (asked.act === 'pick') trouble.value = afterPick(reply.value)
  }

  function afterPick(value: unknown): string | undefined {
    const { data: picked } = pickedSchema.safeParse(value)
    if (picked === undefined || picked.outcome === 'ringing') return undefined
    const name = picked.by === undefined ? undefined : service.live?.agents[picked.by]?.firstName
    return name === undefined ? t(`queue.picked.${picked.outcome}`) : t('queue.picked.takenBy', { name })
  }

  return { supervised, trouble, act }
}
