/** The Worker's variables, validated and typed. */
export interface Settings {
  readonly gatewayUrl: string
  readonly controlUrl: string
  /** ms after an unknown outcome until a late write would have landed. @default 90000 */
  readonly settle: number
  /** Slack's Web API. */
  readonly slackUrl: string
  /** Where Slack takes answers to what people did: a `response_url` of any other origin is refused. */
  readonly hooksOrigin: string
  /** Cloudflare Access in front of the API; null: there is none. */
  readonly access: { readonly team: string; readonly audience: string; readonly keysUrl: string } | null
  /** Bytes that a firm takes in a day with files, from those who prove nothing. @default 512 MB */
  readonly dailyBytes: number
  /** ms until a call counts as unknown. @default 30000 */
  readonly timeout: number
}
