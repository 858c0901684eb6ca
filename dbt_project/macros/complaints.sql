{#- Jinja integer: days of the month in which complainers are compared with customers who did not complain. -#}
{% macro complaint_month_days() -%} {{ return(30) }} {%- endmacro %}


{#- SQL text: how fast a complaint was solved, as known at a moment: unsolved, fast or slow. -#}
{% macro recovery_speed(complaints, moment) -%}
    case
        when {{ complaints }}.solved_at is null or {{ complaints }}.solved_at >= {{ moment }} then 'unsolved'
        when {{ complaints }}.solving_minutes <= {{ threshold('complaints', 'fast_solution_minutes') }} then 'fast'
        else 'slow'
    end
{%- endmacro %}


{#- SQL text: how a complaint ended, as known at a moment: unsolved, solved_after_reopening, verified or solved. -#}
{% macro recovery_result(complaints, moment) -%}
    case
        when {{ complaints }}.solved_at is null or {{ complaints }}.solved_at >= {{ moment }} then 'unsolved'
        when {{ complaints }}.is_reopened then 'solved_after_reopening'
        when {{ complaints }}.verified_at < {{ moment }} then 'verified'
        else 'solved'
    end
{%- endmacro %}
