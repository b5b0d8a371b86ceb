import { type ComponentProps, useId } from 'react'
import { Input } from '../../ui/controls/input.tsx'

const ZONES = Intl.supportedValuesOf('timeZone')

/** A time zone by its name, with the known ones to choose from while typing. */
export function TimeZoneInput({
  onChange,
  ...rest
}: Omit<ComponentProps<'input'>, 'onChange' | 'list'> & { onChange(zone: string): void }) {
  const listId = useId()
  return (
    <>
      <Input {...rest} list={listId} onChange={(event) => onChange(event.target.value)} />
      <datalist id={listId}>
        {ZONES.map((zone) => (
          <option key={zone} value={zone} />
        ))}
      </datalist>
    </>
  )
}
