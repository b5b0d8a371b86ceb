import { ChevronDown } from 'lucide-react'
import { Menu } from '../layers/menu.tsx'
import type { MenuItem } from '../layers/menu-items.tsx'
import { Tooltip } from '../layers/tooltip.tsx'
import { Button, type ButtonProps } from './button.tsx'

/** A button for the usual, with a menu of its variants at its end. `more` names the menu, `hint` explains the usual. */
export function SplitButton({
  items,
  more,
  hint,
  ...button
}: ButtonProps & { items: readonly MenuItem[]; more: string; hint?: string }) {
  const { variant, size, disabled, loading } = button
  return (
    <span className="inline-flex shrink-0">
      {hint === undefined ? (
        <Button {...button} className="rounded-r-none!" />
      ) : (
        // Not around the menu's button too: it would cover the menu.
        <Tooltip content={hint}>
          <Button {...button} className="rounded-r-none!" />
        </Tooltip>
      )}
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
