{#- SQL double: one end of the 95 % interval of a mean of scores from 1 to 5 (Student's t); NULL below three observations. `sign`
    is '-' or '+'. -#}
{% macro mean_interval_end(mean, variance, observations, sign) -%}
    case when {{ observations }} > 2 then {{ steady(
        'least(greatest(' ~ mean ~ ' ' ~ sign ~ ' (' ~ t_quantile('(' ~ observations ~ ' - 1)') ~ ') * sqrt('
        ~ ratio(variance, observations) ~ '), 1), 5)'
    ) }} end
{%- endmacro %}


{#- SQL boolean: whether a journey began before the window of this run. -#}
{% macro journey_is_outdated() -%}
    journey_waited_since < {{ add_days(as_of_date(), '-' ~ threshold('journey', 'window_days')) }}
{%- endmacro %}


{#- SQL boolean: whether a promise was kept or broken before the window of this run. -#}
{% macro promise_is_outdated(made='') -%}
    {{ made }}kept_at < {{ add_days(as_of_date(), '-(' ~ threshold('journey', 'promise_window_days') ~ ')') }}
{%- endmacro %}
