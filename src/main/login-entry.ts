/** The entry of an XDG desktop's autostart folder (Desktop Application Autostart Specification), where Electron has no call of its own. */
export function autostartEntry(program: string): string {
  return `[Desktop Entry]
Type=Application
Name=Gruppnummer
Exec=${quoted(program)} --hidden
X-GNOME-Autostart-enabled=true
`
}

/** Desktop Entry Specification, "The Exec key": quoted, and what means something inside quotes escaped; then as a string value. */
function quoted(program: string): string {
  const escaped = program.replaceAll(/["`$\\]/g, (character) => `\\${character}`).replaceAll('%', '%%')
  return `"${escaped}"`.replaceAll('\\', '\\\\')
}
