/** The path of a webhook's address, which tells it apart from the others: `/hooks/orders`. */
export function pathOfAddress(url: string): string {
  return URL.canParse(url) ? decodeURI(new URL(url).pathname) : url
}
