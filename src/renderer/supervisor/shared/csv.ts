/** Between cells: what a Swedish spreadsheet expects, where the comma is the decimal mark. */
const separator = ';'

/** What a spreadsheet takes a cell for a formula by, whoever wrote it: the full-width signs of East Asia too. */
const formula = /^[=+\-@\t\r\n＝＋－＠]/

/**
 * A table as CSV (RFC 4180, with semicolons and a byte order mark, which Excel wants). A cell that a spreadsheet would take
 * for a formula begins with an apostrophe (OWASP, CSV injection).
 */
export function writeCsv(rows: readonly (readonly string[])[]): string {
  return `\uFEFF${rows.map((row) => row.map(cell).join(separator)).join('\r\n')}\r\n`
}

function cell(text: string): string {
  const harmless = formula.test(text) ? `'${text}` : text
  return /[";\r\n,]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}

/** Reads CSV with semicolons, commas or tabs, whichever the first line has most of; the apostrophe of `writeCsv` goes. */
export function readCsv(text: string): readonly (readonly string[])[] {
  const given = text.replace(/^\uFEFF/, '')
  const firstLine = given.slice(0, given.search(/[\r\n]|$/))
  const mark = [';', ',', '\t'].toSorted((one, other) => firstLine.split(other).length - firstLine.split(one).length)[0]
  const rows: string[][] = []
  let row: string[] = []
  let part = ''
  let quoted = false
  const endCell = () => {
    row.push((part.startsWith("'") && formula.test(part.slice(1)) ? part.slice(1) : part).trim())
    part = ''
  }
  const endRow = () => {
    endCell()
    if (row.some((each) => each !== '')) rows.push(row)
    row = []
  }
  for (let at = 0; at < given.length; at += 1) {
    const letter = given[at] ?? ''
    if (quoted && letter === '"' && given[at + 1] === '"') {
      part += '"'
      at += 1
    } else if (letter === '"' && (quoted || part.trim() === '')) {
      quoted = !quoted
      if (quoted) part = ''
    } else if (!quoted && letter === mark) endCell()
    else if (!quoted && (letter === '\n' || letter === '\r')) endRow()
    else part += letter
  }
  endRow()
  return rows
}
