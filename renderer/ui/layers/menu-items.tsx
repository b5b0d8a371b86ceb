import type { LucideIcon } from 'lucide-react'
import type { ContextMenu, DropdownMenu } from 'radix-ui'
import type { Chord } from '../../commands/chord.ts'
import { Kbd } from '../controls/kbd.tsx'
import { classNames } from '../look/class-names.ts'

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

/** The look of every menu, whether a button or a right click opens it. */
export const MENU_LOOK = 'z-50 min-w-44 animate-pop rounded-lg bg-raised p-1 shadow-float'

/** The lines of a menu. `parts` are those of the kind of menu around them. */
export function MenuItems({
  parts,
  items,
  onChoose,
}: {
  parts: Pick<typeof DropdownMenu | typeof ContextMenu, 'Item' | 'Separator'>
  items: readonly MenuItem[]
  onChoose(act: () => void): void
}) {
  return items.map((item, at) =>
    item === 'separator' ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: a separator has nothing but its place
      <parts.Separator key={`separator-${at}`} className="mx-1 my-1 h-px bg-line" />
    ) : (
      <parts.Item
        key={item.label}
        onSelect={() => onChoose(item.onSelect)}
        disabled={item.disabled === true}
        className={classNames(
          'flex h-7 items-center gap-2 rounded-sm px-2 text-base outline-none select-none data-disabled:opacity-50 data-highlighted:bg-hover',
          item.tone === 'danger' ? 'text-error data-highlighted:bg-error-soft' : 'text-ink',
        )}
      >
        {item.icon && <item.icon size={14} aria-hidden className={item.tone ? '' : 'text-ink-faint'} />}
        <span className="flex-1">{item.label}</span>
        {item.shortcut !== undefined && (
          <span className="ml-6">
            <Kbd keys={item.shortcut} />
          </span>
        )}
      </parts.Item>
    ),
  )
}
