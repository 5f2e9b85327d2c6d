/** Hands the browser a text to save under this name. */
export function saveText(text: string, name: string, type: string) {
  saveFile(new Blob(['\ufeff', text], { type }), name)
}

/** Hands the browser a file to save under this name. */
export function saveFile(file: Blob, name: string) {
  const address = URL.createObjectURL(file)
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  URL.revokeObjectURL(address)
}
