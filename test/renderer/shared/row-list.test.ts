import { enableAutoUnmount, mount } from '@vue/test-utils'
import { afterEach, expect, test } from 'vitest'
import { h } from 'vue'
import { createWords } from '../../../src/renderer/i18n/i18n.ts'
import RowList from '../../../src/renderer/shared/RowList.vue'

enableAutoUnmount(afterEach)

function listOf(count: number) {
  return mount(RowList<string>, {
    props: {
      rows: Array.from({ length: count }, (_, index) => `row ${index + 1}`),
      keyOf: (row: string) => row,
      texts: (row: string) => row,
      label: 'Rows',
      filterLabel: 'Filter',
      empty: 'Nothing here.',
    },
    slots: { default: ({ row }: { row: string }) => h('span', row) },
    attachTo: document.body,
    global: { plugins: [createWords('en')] },
  })
}
const rowsOf = (list: ReturnType<typeof listOf>) => list.findAll('.row').map((row) => row.text())

test('says why it is empty', () => {
  expect(listOf(0).text()).toBe('Nothing here.')
})

test('draws a window of a thousand rows, and says how many there are', () => {
  const list = listOf(1000)
  expect(list.findAll('.row')).toHaveLength(60)
  expect(list.find('.row').attributes()).toMatchObject({ 'aria-setsize': '1000', 'aria-posinset': '1' })
})

test('filters by typing once there are more than eight rows', async () => {
  expect(listOf(8).find('input').exists()).toBe(false)
  const list = listOf(120)
  await list.find('input').setValue('ROW 11')
  expect(rowsOf(list)).toEqual(['row 11', ...Array.from({ length: 10 }, (_, index) => `row ${110 + index}`)])
  await list.find('input').setValue('nobody')
  expect(list.text()).toContain('Nothing matches “nobody”.')
})

test('arrow keys walk it, and one row alone is a stop for Tab', async () => {
  const list = listOf(100)
  const press = (key: string) => list.find('ol').trigger('keydown', { key })
  await press('ArrowDown')
  await press('ArrowDown')
  expect(document.activeElement?.textContent).toBe('row 3')
  await press('Home')
  expect(document.activeElement?.textContent).toBe('row 1')
  await press('End')
  expect(document.activeElement?.textContent).toBe('row 100')
  expect(list.findAll('[tabindex="0"]')).toHaveLength(1)
})
