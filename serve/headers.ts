/** Headers of every answer. `Origin` has to reach us with forms, so the referrer policy is not stricter. */
export const commonHeaders: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'same-origin',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'no-store',
};

/** Our own pages: one style, one script, nothing inline and nothing from elsewhere. */
export const pagePolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "script-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * Reports bring their script along and name it by its hash. They come from files, so they get an origin of
 * their own: whatever is in them, they cannot speak to this server as its pages can.
 */
export const reportPolicy = [
  "default-src 'none'",
  "script-src 'unsafe-inline'",
  "style-src 'unsafe-inline'",
  'img-src data:',
  "form-action 'none'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
  'sandbox allow-scripts',
].join('; ');

/** Everything else of a folder is shown as what it is and runs nothing. */
export const filePolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";
