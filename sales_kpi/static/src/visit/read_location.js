/** GeolocationPositionError codes in the words of sales.visit. */
const ERRORS = { 1: "denied", 2: "no_fix", 3: "timeout" };

/**
 * Asks the device once where it is.
 *
 * @returns {Promise<{latitude: number, longitude: number, accuracy: number} | {error: string}>} never rejects
 */
export function readLocation({ timeout = 15000 } = {}) {
    if (!navigator.geolocation || !window.isSecureContext) {
        return Promise.resolve({ error: "unsupported" });
    }
    return new Promise((resolve) =>
        navigator.geolocation.getCurrentPosition(
            ({ coords: { latitude, longitude, accuracy } }) => resolve({ latitude, longitude, accuracy }),
            ({ code }) => resolve({ error: ERRORS[code] || "no_fix" }),
            { enableHighAccuracy: true, timeout, maximumAge: 0 }
        )
    );
}
