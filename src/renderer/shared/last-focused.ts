/**
 * What had the focus last, menus and dialogs aside: they go when something is chosen in them, and a button that is disabled
 * while it works loses it. So this is where a dialog gives the focus back to.
 */
let last: HTMLElement | undefined

document.addEventListener('focusin', ({ target }) => {
  if (target instanceof HTMLElement && !target.closest('[role=menu], [role=dialog]')) last = target
})

export const lastFocused = () => last
