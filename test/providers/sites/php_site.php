<?php
// A site on plain PHP, with PHP's own sessions: `php -S 127.0.0.1:PORT php_site.php`.

switch (parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH)) {
    case '/in':
        session_start();
        session_regenerate_id(true);
        $_SESSION['user'] = ['id' => 42, 'email' => 'ada@example.com'];
        echo '{}';
        break;
    case '/out':
        session_start();
        setcookie(session_name(), '', ['expires' => 1, 'path' => '/']);
        session_destroy();
        echo '{}';
        break;
    case '/api/billing-session':
        session_start(['read_and_close' => true]);
        $user = $_SESSION['user'] ?? null;
        header('Content-Type: application/json');
        header('Cache-Control: private, no-store');
        echo json_encode($user ? ['sub' => (string) $user['id'], 'email' => $user['email']] : null);
        break;
    default:
        http_response_code(404);
}
