/** What TWS writes for "not set" where the field may not be empty. */
export const UNSET_INTEGER = '2147483647'
export const UNSET_DOUBLE = '1.7976931348623157E308'
export const UNSET_LONG = '9223372036854775807'
