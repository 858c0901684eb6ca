{#- Answers are weighted by cell (touchpoint, segment, recent ticket or not) with the cell's share of the invitations. Cells without
    an answer are left out; `weighted_cover_share` is the share of invitations in the remaining cells. -#}
with cells as (
    select * from {{ ref('int_surveys__response_cells') }}
),

settings as (
    select
        {{ threshold('shared', 'minimum_sample') }} as minimum_sample,
        {{ threshold('surveys', 'nonresponse_difference') }} as difference
),

rate_sums as (
    select
        dimension,
        dimension_value,
        window_days,
        sum(invited_count) as invited_count,
        sum(answered_count) as answered_count,
        sum(known_answered_count) as known_answered_count,
        sum(known_silent_count) as known_silent_count,
        {%- for history in ['ticket_count', 'spend_cents'] %}
        {%- for side in ['answered', 'silent'] %}
        sum({{ history }}_{{ side }}_sum) as {{ history }}_{{ side }}_sum,
        sum({{ history }}_{{ side }}_squares) as {{ history }}_{{ side }}_squares,
        {%- endfor %}
        {%- endfor %}
        {%- for score in ['csat', 'nps'] %}
        sum({{ score }}_count) as {{ score }}_count,
        {{ ratio('sum(' ~ score ~ '_sum)', 'sum(' ~ score ~ '_count)') }} as {{ score }}_mean,
        {{ ratio(
            'sum(case when ' ~ score ~ '_count > 0 then invited_count * coalesce(' ~ score ~ '_sum, 0) / ' ~ score ~ '_count end)',
            'sum(case when ' ~ score ~ '_count > 0 then invited_count end)'
        ) }} as {{ score }}_weighted_mean,
        {%- endfor %}
        {{ ratio('sum(case when answered_count > 0 then invited_count end)', 'sum(invited_count)') }} as cover_share,
        {{ ratio(
            'sum(answered_count) * sum(case when answered_count > 0 then cast(invited_count as double) * invited_count / answered_count end)',
            'power(sum(case when answered_count > 0 then cast(invited_count as double) end), 2)'
        ) }} as design_effect
    from cells
    group by dimension, dimension_value, window_days
),

rates as (
    select
        *,
        {{ history_mean('ticket_count', 'answered') }} as answered_tickets,
        {{ history_mean('ticket_count', 'silent') }} as silent_tickets,
        {{ history_difference('ticket_count') }} as ticket_difference,
        {{ history_mean('spend_cents', 'answered') }} as answered_spend,
        {{ history_mean('spend_cents', 'silent') }} as silent_spend,
        {{ history_difference('spend_cents') }} as spend_difference
    from rate_sums
),

final as (
    select
        {{ as_of_date() }} as as_of,
        {{ as_of_date() }} as metric_date,
        rates.dimension,
        rates.dimension_value,
        rates.window_days,
        cast(rates.invited_count as bigint) as invited_count,
        cast(rates.answered_count as bigint) as response_count,
        {{ steady(ratio('rates.answered_count', 'rates.invited_count')) }} as response_share,
        {{ wilson_low('rates.answered_count', 'rates.invited_count') }} as response_share_low,
        {{ wilson_high('rates.answered_count', 'rates.invited_count') }} as response_share_high,
        rates.invited_count >= settings.minimum_sample as is_reportable,
        {{ steady('rates.answered_tickets') }} as answered_ticket_mean,
        {{ steady('rates.silent_tickets') }} as silent_ticket_mean,
        rates.ticket_difference,
        {{ steady('rates.answered_spend') }} as answered_spend_cents_mean,
        {{ steady('rates.silent_spend') }} as silent_spend_cents_mean,
        rates.spend_difference,
        coalesce(
            least(rates.known_answered_count, rates.known_silent_count) >= settings.minimum_sample
            and greatest(
                abs(coalesce(rates.ticket_difference, 0)), abs(coalesce(rates.spend_difference, 0))
            ) >= greatest(
                settings.difference,
                {{ var('interval_z') }} * sqrt(
                    {{ ratio('1', 'rates.known_answered_count') }} + {{ ratio('1', 'rates.known_silent_count') }}
                )
            ),
            false
        ) as is_biased,
        {%- for score in ['csat', 'nps'] %}
        cast(rates.{{ score }}_count as bigint) as {{ score }}_count,
        {{ steady('rates.' ~ score ~ '_mean') }} as {{ score }}_raw,
        {{ steady('rates.' ~ score ~ '_weighted_mean') }} as {{ score }}_weighted,
        {{ steady('rates.' ~ score ~ '_weighted_mean - rates.' ~ score ~ '_mean') }} as {{ score }}_shift,
        {%- endfor %}
        {{ steady('rates.cover_share') }} as weighted_cover_share,
        {{ steady('rates.design_effect') }} as design_effect
    from rates
    cross join settings
)

select * from final
