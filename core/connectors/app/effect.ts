import type { Slice } from '../../domain/openapi/api.ts'
import type { Effect } from '../define.ts'

/**
 * What a repeat does. That a POST or PATCH can be repeated is only known where the description declares a header for a key (RFC 9110, section 9.2, says the rest), or
 * where a person says so.
 */
export function effectOf(slice: Pick<Slice, 'method' | 'keyHeader'> | undefined, isSafe: boolean): Effect {
  switch (slice?.method) {
    case 'GET':
    case 'HEAD':
    case 'OPTIONS':
    case 'TRACE':
    case 'QUERY':
      return 'none'
    case 'PUT':
    case 'DELETE':
      return 'idempotent'
    default:
      if (slice !== undefined && slice.keyHeader !== null) return 'keyed'
      return isSafe ? 'idempotent' : 'unsafe'
  }
}
