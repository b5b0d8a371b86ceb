import type { LucideIcon } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type ReactElement, useRef } from 'react'
import type { Chord } from '../shortcuts/chord.ts'
import { classNames } from './class-names.ts'
import { Kbd } from './kbd.tsx'

export type MenuItem =
  | {
      readonly label: string
      readonly onSelect: () => void
      readonly icon?: LucideIcon
      readonly shortcut?: Chord | undefined
      readonly tone?: 'danger'
      readonly disabled?: boolean
    }
  | 'separator'

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
  // An item acts once the menu is gone and its button has the focus again: a dialog that it opens gives the focus back there.
  const chosen = useRef<(() => void) | null>(null)
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger asChild>{trigger}</DropdownMenu.Trigger>
      <DropdownMenu.Portal>
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
          className="z-50 min-w-44 animate-pop rounded-lg bg-raised p-1 shadow-float"
        >
          {items.map((item, at) =>
            item === 'separator' ? (
              // biome-ignore lint/suspicious/noArrayIndexKey: a separator has nothing but its place
              <DropdownMenu.Separator key={`separator-${at}`} className="mx-1 my-1 h-px bg-line" />
            ) : (
              <DropdownMenu.Item
                key={item.label}
                onSelect={() => {
                  chosen.current = item.onSelect
                }}
                disabled={item.disabled === true}
                className={classNames(
                  'flex h-7 items-center gap-2 rounded-sm px-2 text-base outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover',
                  item.tone === 'danger' ? 'text-error data-highlighted:bg-error-soft' : 'text-ink',
                )}
              >
                {item.icon && <item.icon size={14} aria-hidden className={item.tone ? '' : 'text-ink-faint'} />}
                <span className="flex-1">{item.label}</span>
                {item.shortcut !== undefined && <Kbd keys={item.shortcut} />}
              </DropdownMenu.Item>
            ),
          )}
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  )
}
