{#- Aggregate: sum over the events of the last `days` days before the snapshot; 0 without events. -#}
{% macro sum_within(expression, date_column, days, snapshot='snapshots.as_of') -%}
    coalesce(sum(case when {{ date_column }} >= {{ add_days(snapshot, -days) }} then {{ expression }} end), 0)
{%- endmacro %}


{#- Aggregate: mean over the events of the last `days` days before the snapshot; NULL without events. -#}
{% macro mean_within(expression, date_column, days, snapshot='snapshots.as_of') -%}
    avg(case when {{ date_column }} >= {{ add_days(snapshot, -days) }} then {{ expression }} end)
{%- endmacro %}


{#- SQL double: symmetric relative change (now - before) / (now + before), from -1 to 1; NULL where both are 0. -#}
{% macro symmetric_change(now_expression, before_expression) -%}
    {{ ratio('(' ~ now_expression ~ ') - (' ~ before_expression ~ ')', '(' ~ now_expression ~ ') + (' ~ before_expression ~ ')') }}
{%- endmacro %}


{#- SQL double rounded to six digits, because the last digits of a sum of fractions depend on the order of addition. The small
    offset avoids rounding ties (0.0000005), which means of round numbers often hit. -#}
{% macro steady(expression) -%} round(cast({{ expression }} as double) + 0.0000000031, 6) {%- endmacro %}


{#- Aggregate, double: sum of fractions as decimals of six digits, so that it does not depend on the order of addition. -#}
{% macro exact_sum(expression) -%}
    cast(sum(cast(round(cast({{ expression }} as double), 6) as decimal(28, 6))) as double)
{%- endmacro %}


{#- Aggregate, double: mean by `exact_sum`. -#}
{% macro exact_mean(expression) -%}
    ({{ exact_sum(expression) }} / nullif(count({{ expression }}), 0))
{%- endmacro %}


{#- SQL text that orders events by time, then by identifier, so that the latest event is unique. -#}
{% macro event_order(timestamp_column, id_column) -%}
    cast({{ timestamp_column }} as string) || {{ id_column }}
{%- endmacro %}


{#- SQL boolean: whether the row of `versions` was valid at a time. Written as plain comparisons, so that an outer join on it
    stays a hash join. -#}
{% macro is_valid_at(timestamp_expression) -%}
    (
        versions.valid_from < {{ timestamp_expression }}
        and coalesce(versions.valid_to, timestamp '9999-12-31 00:00:00') >= {{ timestamp_expression }}
    )
{%- endmacro %}


{#- Aggregate, double: relative price change of the running contracts that had a price before; 0 without such contracts. -#}
{% macro price_change(price_before) -%}
    {{ steady('coalesce(' ~ ratio(
        'sum(case when states.is_running and ' ~ price_before ~ ' is not null then states.monthly_price_cents - ' ~ price_before ~ ' end)',
        'sum(case when states.is_running and states.monthly_price_cents is not null then ' ~ price_before ~ ' end)'
    ) ~ ', 0)') }}
{%- endmacro %}


{#- SQL double, cents: margin lost if the customer leaves. Taken from the running contracts, else from the purchases of a
    year, else from the company's own column of monthly revenue. -#}
{% macro expected_value(monthly_price_cents, yearly_revenue_cents, attributes) -%}
    {%- set months = var('retention_value_months') -%}
    {%- set own = var('retention_monthly_value_attribute') -%}
    {%- set own_cents = "try_cast(" ~ json_field(attributes, own) ~ " as double) * 100" if own else "null" -%}
    {{ steady('greatest(coalesce('
        ~ monthly_price_cents ~ ' * ' ~ months ~ ', ' ~ yearly_revenue_cents ~ ', ' ~ own_cents ~ ' * ' ~ months
        ~ ', 0), 0) * ' ~ var('retention_margin_share')) }}
{%- endmacro %}


{#- SQL boolean: whether the company's own label column (`churn.definition: attribute`) marks the customer as gone. Such a
    customer is scored, but not contacted. -#}
{% macro has_left_already(attributes) -%}
    {%- set is_labelled = var('churn_definition') == 'attribute' and var('churn_label_attribute') -%}
    {%- set label = "coalesce(" ~ json_field(attributes, var('churn_label_attribute')) ~ ", '')" -%}
    {{ label ~ " = '" ~ var('churn_label_value') ~ "'" if is_labelled else 'false' }}
{%- endmacro %}
