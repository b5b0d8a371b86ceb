import { defineFamily } from '../family-list.ts'
import { formSubmitted } from './submitted.trigger.ts'

/** Forms that people fill in. */
export const form = defineFamily('form', [formSubmitted])
