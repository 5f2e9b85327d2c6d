import { computed, nextTick, ref, useTemplateRef, watch, type Ref } from 'vue'
import { useTyping } from '../shared/use-typing.ts'
import { useUnfinished } from './unfinished-store.ts'

/** How a list of settings stands in rows of fields. `Row` is what is typed, JSON as it stands. */
export interface TypedRowsOptions<Value, Row, Fault> {
  readonly place: () => string
  readonly value: Ref<readonly Value[]>
  readonly typed: (value: Value) => Row
  /** `values`: undefined while a row cannot be read; `faults`: of each row, where it has one. */
  readonly read: (rows: readonly Row[]) => {
    readonly values: readonly Value[] | undefined
    readonly faults: readonly (Fault | undefined)[]
  }
  /** Of a row that is added. */
  readonly empty: Row
  /** Where typing goes on in a row that is added, by selector. */
  readonly firstField: string
}

/** Rows of fields, of which nothing counts until every one can be read. The template has the refs `list` and `add`. */
export function useTypedRows<Value, Row, Fault>(options: TypedRowsOptions<Value, Row, Fault>) {
  const { place, value, typed, empty, firstField } = options
  const list = useTemplateRef<HTMLElement>('list')
  const add = useTemplateRef<HTMLButtonElement>('add')
  const unfinished = useUnfinished(place)
  const rows = ref(
    unfinished.value === undefined ? value.value.map(typed) : (JSON.parse(unfinished.value) as readonly Row[]),
  ) as Ref<readonly Row[]>
  const read = computed(() => options.read(rows.value))
  const same = (values: readonly Value[] | undefined) => JSON.stringify(values) === JSON.stringify(value.value)
  watch(value, () => {
    if (!same(read.value.values)) rows.value = value.value.map(typed)
  })
  watch(unfinished, (to) => {
    if (to === undefined && read.value.values === undefined) rows.value = value.value.map(typed)
  })

  function take() {
    const { values } = read.value
    unfinished.value = values === undefined ? JSON.stringify(rows.value) : undefined
    if (values !== undefined && !same(values)) value.value = values
  }
  function change(index: number, to: Partial<Row>, now = false) {
    rows.value = rows.value.map((row, at) => (at === index ? { ...row, ...to } : row))
    if (now) take()
  }
  async function more() {
    rows.value = [...rows.value, empty]
    await nextTick()
    list.value?.querySelector<HTMLElement>(`li:last-child ${firstField}`)?.focus()
  }
  function remove(index: number) {
    rows.value = rows.value.toSpliced(index, 1)
    take()
    add.value?.focus()
  }
  function moveUp(index: number) {
    const moved = rows.value[index]
    if (moved === undefined || index === 0) return
    rows.value = rows.value.toSpliced(index, 1).toSpliced(index - 1, 0, moved)
    take()
  }
  /** A row that is begun is no mistake before it is left. */
  const shownFault = (index: number) => (unfinished.value === undefined ? undefined : read.value.faults[index])

  return { rows, unfinished, typing: useTyping(take), change, more, remove, moveUp, shownFault }
}
