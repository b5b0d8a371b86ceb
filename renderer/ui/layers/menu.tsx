import { DropdownMenu } from 'radix-ui'
import { type ReactElement, useRef } from 'react'
import { MENU_LOOK, type MenuItem, MenuItems } from './menu-items.tsx'
import { useOwnLandmark } from './use-own-landmark.ts'

/** Actions behind one button. `trigger` must be a single element that takes a ref, such as Button or IconButton. */
export function Menu({
  trigger,
  items,
  align = 'end',
}: {
  trigger: ReactElement
  items: readonly MenuItem[]
  align?: 'start' | 'end'
}) {
  // An item acts once the menu is gone and its button has the focus again: a dialog that it opens returns the focus there.
  const chosen = useRef<(() => void) | null>(null)
  const button = useRef<HTMLButtonElement>(null)
  const { container, onOpenChange } = useOwnLandmark(button)
  return (
    <DropdownMenu.Root modal={false} onOpenChange={onOpenChange}>
      <DropdownMenu.Trigger ref={button} asChild>
        {trigger}
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal container={container}>
        <DropdownMenu.Content
          align={align}
          sideOffset={4}
          collisionPadding={8}
          // A click on an item must not also count as one on the row or card that the menu stands in.
          onClick={(event) => event.stopPropagation()}
          onCloseAutoFocus={() => {
            const act = chosen.current
            chosen.current = null
            if (act) setTimeout(act)
          }}
          className={MENU_LOOK}
        >
          <MenuItems
            parts={DropdownMenu}
            items={items}
            onChoose={(act) => {
              chosen.current = act
            }}
          />
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
