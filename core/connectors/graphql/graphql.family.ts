import { defineFamily } from '../family-list.ts'
import { graphqlRequest } from './request.action.ts'

export const graphql = defineFamily('graphql', [graphqlRequest])
