import { computed, ref } from 'vue'
import { useI18n } from 'vue-i18n'
import { saveText } from '../history/save-file.ts'
import { writeCsv } from './csv.ts'

export interface Column<Row> {
  /** In words. */
  readonly name: string
  /** What it is sorted by, and what stands in the file; numbers sort as numbers. */
  readonly value: (row: Row) => string | number
  /** What stands in the file, where that is something else. */
  readonly written?: (row: Row) => string
}

/** Which column a table is sorted by, if any. */
export interface Order {
  readonly by: number | undefined
  readonly down: boolean
}

/**
 * A table's rows sorted by the column that was chosen, and the same as a CSV file. `by`: the column it begins sorted by,
 * largest first where `down`.
 */
export function useTable<Row>(
  rows: () => readonly Row[],
  columns: () => readonly Column<Row>[],
  { by, down = false, file }: { readonly by?: number; readonly down?: boolean; readonly file: () => string },
) {
  const { locale } = useI18n()
  const order = ref<Order>({ by, down })
  const collator = computed(() => new Intl.Collator(locale.value, { numeric: true }))

  const sorted = computed(() => {
    const column = order.value.by === undefined ? undefined : columns()[order.value.by]
    if (column === undefined) return rows()
    const sign = order.value.down ? -1 : 1
    return rows().toSorted((one, other) => {
      const [a, b] = [column.value(one), column.value(other)]
      if (typeof a === 'number' && typeof b === 'number') return sign * (a - b)
      return sign * collator.value.compare(String(a), String(b))
    })
  })

  function sortBy(column: number) {
    order.value = { by: column, down: order.value.by === column && !order.value.down }
  }

  function download() {
    const written = ({ value, written: say }: Column<Row>, row: Row) => (say ? say(row) : String(value(row)))
    const cells = [
      columns().map(({ name }) => name),
      ...sorted.value.map((row) => columns().map((each) => written(each, row))),
    ]
    // `saveText` writes the byte order mark itself.
    saveText(writeCsv(cells).replace(/^\uFEFF/, ''), `${file()}.csv`, 'text/csv;charset=utf-8')
  }

  return { sorted, order, sortBy, download, names: computed(() => columns().map(({ name }) => name)) }
}
