import '../shared/without-eval.ts'
import { cardActs, desktopArguments } from '../../contract/desktop.ts'
import '../styles/tokens.css'
import '../styles/base.css'
import './card.css'

/** The small card above other programs while a call rings; what it says comes in its address. */
const [told] = desktopArguments.showRinging.parse([JSON.parse(decodeURIComponent(location.hash.slice(1)))])

write('caller', told.title)
write('group', told.body)
document.title = told.title
for (const act of cardActs) write(act, told[act]).addEventListener('click', () => void window.desktop?.press(act))

window.addEventListener('keydown', ({ key }) => {
  if (key === 'Escape') void window.desktop?.press('reject')
})

function write(id: string, text: string): HTMLElement {
  const element = document.getElementById(id)
  if (!element) throw new Error(`the card has no ${id}`)
  element.textContent = text
  return element
}
