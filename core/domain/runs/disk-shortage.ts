import { z } from 'zod'

/** Why nothing is taken in for want of room. Sizes are bytes. */
export const diskShortageSchema = z.discriminatedUnion('code', [
  /** The database and the large values take as much as their owner allows. */
  z.object({ code: z.literal('limit'), used: z.number(), limit: z.number() }),
  /** So little is free on the disk of the data folder. */
  z.object({ code: z.literal('disk'), free: z.number(), dataDir: z.string() }),
])
export type DiskShortage = z.infer<typeof diskShortageSchema>

/** A shortage as it is stored: older versions stored its sentence. */
export const storedShortageSchema = z.union([diskShortageSchema, z.string()])
export type StoredShortage = z.infer<typeof storedShortageSchema>

/** A shortage as an English sentence that says what to do. */
export function shortageText(shortage: StoredShortage): string {
  if (typeof shortage === 'string') return shortage
  switch (shortage.code) {
    case 'limit':
      return `Hookline's data takes ${size(shortage.used)}, and may take ${size(shortage.limit)}: delete old runs, or allow more (Settings, Webhooks).`
    case 'disk':
      return `Only ${size(shortage.free)} are free on the disk of ${shortage.dataDir}: make room there.`
  }
}

function size(bytes: number): string {
  const [amount, unit] = bytes >= 1e9 ? [bytes / 1e9, 'GB'] : [bytes / 1e6, 'MB']
  return `${(Math.round(amount * 10) / 10).toLocaleString('en')} ${unit}`
}
