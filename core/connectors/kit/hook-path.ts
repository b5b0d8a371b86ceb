import { z } from 'zod'

/** The field for the path at which a trigger is called; `placeholder` shows what one may look like. */
export const hookPath = (placeholder: string) =>
  z
    .string()
    .regex(/^[A-Za-z0-9._~-]+(\/[A-Za-z0-9._~-]+)*$/, {
      error: 'takes letters, digits, ".", "_", "~", "-", and "/" between them',
    })
    .max(200)
    // Clients take such parts out of an address before they call it.
    .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'), {
      error: 'must not have "." or ".." between slashes',
    })
    .optional()
    .meta({
      title: 'Path',
      description: 'The end of the address. Leave it empty for an unguessable one.',
      ui: { widget: 'text', placeholder },
    })
