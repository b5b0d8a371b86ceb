import { ChevronDown } from 'lucide-react'
import { Button, type ButtonProps } from './button.tsx'
import { Menu } from './menu.tsx'
import type { MenuItem } from './menu-items.tsx'

/** A button for the usual, with a menu of its variants at its end. `more` names the menu. */
export function SplitButton({ items, more, ...button }: ButtonProps & { items: readonly MenuItem[]; more: string }) {
  const { variant, size, disabled, loading } = button
  return (
    <span className="inline-flex shrink-0">
      <Button {...button} className="rounded-r-none!" />
      <Menu
        items={items}
        trigger={
          <Button
            {...(variant && { variant })}
            {...(size && { size })}
            disabled={disabled === true || loading === true}
            aria-label={more}
            className="-ml-px rounded-l-none! px-1.5!"
          >
            <ChevronDown size={14} aria-hidden />
          </Button>
        }
      />
    </span>
  )
}
