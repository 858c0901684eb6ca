{#- SQL double: mean of a history column, from the sums of the cells. `side` is answered or silent. -#}
{% macro history_mean(history, side) -%}
    {{ ratio(history ~ '_' ~ side ~ '_sum', 'known_' ~ side ~ '_count') }}
{%- endmacro %}


{#- SQL double: sample variance of a history column. -#}
{% macro history_variance(history, side) -%}
    {%- set total = history ~ '_' ~ side ~ '_sum' -%}
    {%- set number = 'known_' ~ side ~ '_count' -%}
    (greatest({{ history }}_{{ side }}_squares - {{ total }} * {{ ratio(total, number) }}, 0) / nullif({{ number }} - 1, 0))
{%- endmacro %}


{#- SQL double: standardised difference of the means of responders and non-responders (Cohen's d; Austin 2009). -#}
{% macro history_difference(history) -%}
    {{ steady(
        '(' ~ history_mean(history, 'answered') ~ ' - ' ~ history_mean(history, 'silent') ~ ') / nullif(sqrt(('
        ~ history_variance(history, 'answered') ~ ' + ' ~ history_variance(history, 'silent') ~ ') / 2), 0)'
    ) }}
{%- endmacro %}
