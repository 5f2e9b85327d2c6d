/** Hands the browser a text to save under this name. */
export function saveText(text: string, name: string, type: string) {
  const address = URL.createObjectURL(new Blob(['\ufeff', text], { type }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
