import { ContextMenu as Radix } from 'radix-ui'
import { type ReactElement, useRef } from 'react'
import { MENU_LOOK, type MenuItem, MenuItems } from './menu-items.tsx'

/**
 * What can be done with what is under the pointer, or has the focus. `children` must be a single element that takes a ref and
 * the handlers of an element; its own `onContextMenu` is called first, and may say what the menu is about.
 */
export function ContextMenu({
  children,
  label,
  items,
}: {
  children: ReactElement
  label: string
  items: readonly MenuItem[]
}) {
  // As in Menu: an item acts once the menu is gone and the focus is where it was.
  const chosen = useRef<(() => void) | null>(null)
  return (
    <Radix.Root modal={false}>
      <Radix.Trigger asChild>{children}</Radix.Trigger>
      {/* Within the page's main part, as all that can be read stands in some landmark. */}
      <Radix.Portal container={document.querySelector('main')}>
        <Radix.Content
          aria-label={label}
          collisionPadding={8}
          onCloseAutoFocus={() => {
            const act = chosen.current
            chosen.current = null
            if (act) setTimeout(act)
          }}
          className={MENU_LOOK}
        >
          <MenuItems
            parts={Radix}
            items={items}
            onChoose={(act) => {
              chosen.current = act
            }}
          />
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  )
}
